// The form as it is printed: what stands in the controls, as plain words. And the form of 退文检查, which is checked once somebody asked.
import { $ } from "/static/frame.js";

const form = () => $("opinion"); // it comes anew when a filled one is read in
let asked = false;

const written = () => {
  for (const box of form().querySelectorAll(".written")) box.textContent = box.previousElementSibling.value;
};
document.addEventListener("input", ({ target }) => { if (form().contains(target)) written(); });
window.addEventListener("beforeprint", written);
document.addEventListener("click", ({ target }) => {
  if (target.closest("#print, .print")) window.print();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("#opinion input")) event.preventDefault();
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.matches("#check, #check-below")) asked = true;
  else if (event.target === form() && !asked && $("answer")?.matches(".empty")) event.preventDefault();
});
