// The running total while marks are chosen. The server computes it again at each save; without this file nothing is lost.
(() => {
  const form = document.querySelector("[data-scorecard]");
  if (!form) return;
  const places = (value) => (Math.round(value * 100 + 1e-9) / 100).toFixed(2);
  const show = () => {
    let points = 0, weight = 0;
    for (const criterion of form.querySelectorAll("[data-weight]")) {
      const chosen = criterion.querySelector("input[type=radio]:checked");
      if (!chosen || chosen.value === "na") continue;
      weight += Number(criterion.dataset.weight);
      points += (Number(chosen.value) * Number(criterion.dataset.weight)) / Number(criterion.dataset.max);
    }
    for (const place of document.querySelectorAll("[data-total]")) place.textContent = weight ? places((points * 100) / weight) : "–";
  };
  form.addEventListener("change", show);
})();
