/* Smooths what works without it: one submit at a time, focus on the errors or on what was said, Ctrl+Enter to submit. */
(() => {
  "use strict";

  const summary = document.getElementById("error-summary"), said = document.getElementById("said");
  if (summary) summary.focus(); else if (said) said.focus({ preventScroll: true });

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

  /* Larger letters at once, so that nothing typed is lost; without scripts the link asks for the page again. */
  document.querySelectorAll("a[data-elder]").forEach((link) => link.addEventListener("click", (event) => {
    event.preventDefault();
    const large = document.documentElement.classList.toggle("elder");
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `zb_elder=${large ? 1 : 0}; path=/; max-age=31536000; samesite=lax${secure}`;
  }));

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

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      const form = event.target.closest("form");
      const held = form && document.getElementById(form.dataset.blocked); // it takes no answer now: why stands there
      if (held) { held.scrollIntoView({ block: "center" }); held.focus(); return; }
      const button = form && form.querySelector("[data-submit]");
      if (button) form.requestSubmit(button);
    }
  });
})();
