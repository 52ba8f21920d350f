// The form as it is printed: what stands in the controls, as plain words.
import { $ } from "/static/frame.js";

const form = $("opinion");
const written = () => {
  for (const box of form.querySelectorAll(".written")) box.textContent = box.previousElementSibling.value;
};
form.addEventListener("input", written);
window.addEventListener("beforeprint", written);
document.addEventListener("click", ({ target }) => {
  if (target.closest("#print, .print")) window.print();
});
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("input")) event.preventDefault();
});
