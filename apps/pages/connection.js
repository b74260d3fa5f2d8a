// Tells that the server cannot be reached, in the language that the address names; `texts`: words by language, `spoken`: without one.
const id = "rehearse-connection";
document.getElementById(id)?.remove();
if (lost) {
  const words = texts[new URLSearchParams(location.search).get("lang")] ?? texts[spoken];
  const banner = document.createElement("div");
  banner.id = id;
  banner.setAttribute("role", "alert");
  banner.style.cssText = "position: fixed; inset: auto 12px 12px; z-index: 9999; padding: 12px 16px; border-left: 4px solid #b24e08;"
    + "border-radius: 0 8px 8px 0; background: #fdf0e6; color: #18212f; font: 15px/1.5 system-ui, sans-serif; box-shadow: 0 2px 12px #0003;";
  const again = document.createElement("a");
  again.href = location.href;
  again.textContent = words.again;
  banner.append(words.told + " ", again);
  document.body.append(banner);
}
