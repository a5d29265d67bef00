// Copying a paper: Enter goes on to the next field, and from the last one to the button. Without this, Tab does.
document.querySelectorAll("form[data-enter-goes-on]").forEach((form) => {
  const fields = [...form.querySelectorAll("input:not([type=hidden]), button")];
  form.addEventListener("keydown", (event) => {
    const at = fields.indexOf(event.target);
    if (event.key !== "Enter" || event.isComposing || at < 0 || event.target.tagName === "BUTTON") return;
    event.preventDefault();
    fields[at + 1].focus();
    if (fields[at + 1].select) fields[at + 1].select();
  });
});
