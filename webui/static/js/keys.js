/* Single letters as commands, where the reader has not turned them off (WCAG 2.1.4), and what they mean.
   A letter that is no text becomes a `desk:key` event; what it does stands where it does it. */
(() => {
  "use strict";

  const help = document.querySelector("dialog[data-keys-help]");
  if (!help) return;
  const explain = () => { if (!help.open) help.showModal(); };
  document.querySelectorAll("[data-help]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", explain);
  });

  const typing = (node) => Boolean(node.closest && (node.closest("textarea, select, [contenteditable]")
    || (node.closest("input") && !["checkbox", "radio", "button", "submit"].includes(node.closest("input").type))));
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.defaultPrevented || help.open) return;
    if (typing(event.target)) { // out of a field, so that letters are commands again
      const task = event.key === "Escape" && event.target.closest("#pane, #act");
      if (task) task.focus({ preventScroll: true });
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key !== "Escape" && help.dataset.keys !== "on") return;
    const asked = new CustomEvent("desk:key", { detail: event.key, cancelable: true });
    if (!document.dispatchEvent(asked)) event.preventDefault();
  });

  /* the task that is open, beside its list or alone */
  const seen = (found) => [...document.querySelectorAll(found)].find((one) => one.checkVisibility());
  const focus = (found) => {
    const one = seen(found);
    if (one) { one.focus(); one.scrollIntoView({ block: "nearest" }); }
  };
  const FIELD = "form[data-form] :is(input:not([type=hidden]), select, textarea)";
  const KEYS = {
    f: () => focus(`:is(#pane, #act) :is(${FIELD}, [data-claim], [data-answer])`),
    o: () => focus("#act .ways a"),
    u: () => { const back = seen("a.back"); if (back) back.click(); },
    "?": explain,
  };
  document.addEventListener("desk:key", (event) => {
    const act = KEYS[event.detail];
    if (!act) return;
    event.preventDefault();
    act();
  });
})();
