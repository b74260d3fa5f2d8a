// What the administration's pages do by themselves: copy a secret, ask before what ends something, send on which a choice depends.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    document.execCommand("copy");
  }
  button.textContent = site.told.words.copied;
});
document.addEventListener("submit", (event) => {
  const asked = event.target.dataset.sure;
  if (asked && !confirm(asked)) event.preventDefault();
});
