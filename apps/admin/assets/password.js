// The secret of a link goes from behind the # of the address into the body of a form.
const form = document.getElementById("open"), secret = location.hash.slice(1);
if (form && secret) {
  form.elements.secret.value = decodeURIComponent(secret);
  history.replaceState(null, "", location.pathname + location.search);
  form.submit();
}
