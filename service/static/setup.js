// The set-up code stands after # in the printed link: browsers never send that part, so no log holds it.
function take() {
  const code = location.hash.slice(1);
  if (!code) return;
  document.getElementById("code").value = code;
  history.replaceState(null, "", location.pathname);
  document.getElementById("agency").focus();
}
addEventListener("hashchange", take);
take();
