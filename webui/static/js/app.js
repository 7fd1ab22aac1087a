/* Smooths what works without it: one submit at a time, focus on the errors, keys for the list. */
(() => {
  "use strict";

  const summary = document.getElementById("error-summary");
  if (summary) summary.focus();

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => { delete form.dataset.sent; }, 4000);
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
  });

  /* A form drawn anew must not undo what was typed while it was on its way. */
  const typed = (form) => new URLSearchParams(
    [...new FormData(form)].filter(([, value]) => typeof value === "string")).toString();
  let sent = "";
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.target.closest("form[data-form]");
    if (form) sent = typed(form);
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const form = event.detail.target.closest("form[data-form]");
    if (form && typed(form) !== sent) {
      event.detail.shouldSwap = false;
      const asker = document.getElementById(event.detail.requestConfig.elt.id);
      if (asker) asker.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });

  /* A browser that comes back to a page chooses again what was chosen; the fields must follow. */
  const chosen = (field) => {
    if (field.type === "radio" || field.type === "checkbox") return field.checked;
    return field.tagName === "SELECT" ? [...field.selectedOptions].map((one) => one.value).join("\n") : field.value;
  };
  const drawnWith = (field) => {
    if (field.type === "radio" || field.type === "checkbox") return field.defaultChecked;
    if (field.tagName !== "SELECT") return field.defaultValue;
    const marked = [...field.options].filter((one) => one.defaultSelected);
    return (marked.length || field.multiple ? marked : [...field.options].slice(0, 1))
      .map((one) => one.value).join("\n");
  };
  window.addEventListener("pageshow", () => {
    const changed = [...document.querySelectorAll("form[data-form] [hx-post]")]
      .filter((field) => chosen(field) !== drawnWith(field));
    const asker = changed.find((field) => field.checked) || changed[0];
    if (asker) asker.dispatchEvent(new Event("change", { bubbles: true }));
  });

  const rows = [...document.querySelectorAll("table[data-rows] tbody tr")];
  let place = -1;
  const move = (step) => {
    if (!rows.length) return;
    if (place >= 0) rows[place].classList.remove("focus-row");
    place = Math.min(rows.length - 1, Math.max(0, place + step));
    rows[place].classList.add("focus-row");
    rows[place].querySelector("a").focus();
  };
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      const form = event.target.closest("form[data-form]");
      if (form) form.requestSubmit(form.querySelector("[data-submit]"));
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select")) return;
    if (event.key === "j") move(1);
    if (event.key === "k") move(-1);
  });
})();
