// HTML with the plots that belong into it; a link with data-to leads to the part of that name.
export function render({ model }) {
  const sheet = document.createElement("div"), keeper = plotKeeper();
  function draw() {
    sheet.lang = model.lang;
    sheet.innerHTML = model.html;
    keeper.show(sheet, model.plots);
  }
  sheet.addEventListener("click", (event) => {
    const link = event.target.closest("[data-to]");
    if (!link) return;
    event.preventDefault();
    sheet.querySelector(`[data-section="${link.dataset.to}"]`).scrollIntoView({ behavior: "smooth" });
  });
  model.on("html", draw);
  model.on("plots", draw);
  model.on("remove", () => keeper.clear());
  requestAnimationFrame(draw);
  return sheet;
}
