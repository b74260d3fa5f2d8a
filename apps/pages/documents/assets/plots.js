// Plots that the server drew, as JSON by name: each is shown in the element that names it in data-plot, as soon as that comes
// near. As long as the plots stay the same, those on the page stay where they are when the words around them are drawn anew.
function plotKeeper() {
  let told = null, plots = {};
  const places = new Map(), shown = [];
  const watch = new IntersectionObserver((seen) => {
    for (const { target, isIntersecting } of seen) {
      if (!isIntersecting) continue;
      watch.unobserve(target);
      window.Bokeh.embed.embed_item(plots[target.dataset.plot], target).then((views) => shown.push(views));
    }
  }, { rootMargin: "800px" });

  function clear() {
    for (const place of places.values()) watch.unobserve(place);
    for (const views of shown.splice(0)) views.clear();
    places.clear();
  }
  function show(root, text) {
    if (text !== told) {
      clear();
      told = text;
      plots = JSON.parse(text || "{}");
    }
    for (const place of root.querySelectorAll("[data-plot]")) {
      const name = place.dataset.plot;
      if (!plots[name]) continue;
      if (places.has(name)) { place.replaceWith(places.get(name)); continue; }
      place.style.minHeight = `${plots[name].doc.roots[0].attributes.height}px`;
      places.set(name, place);
      watch.observe(place);
    }
  }
  return { show, clear };
}

