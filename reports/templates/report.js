"use strict";
// Filters the ledger of claims by text and state, and opens what a link leads to. The report reads well without it.
(() => {
  const form = document.getElementById("filter");
  const table = document.getElementById("ledger");
  if (form && table) {
    const words = document.getElementById("filter-text");
    const state = document.getElementById("filter-state");
    const shown = document.getElementById("filter-shown");
    const bodies = [...table.tBodies].map((body) => ({
      body,
      rows: [...body.querySelectorAll("tr[data-states]")].map((row) => ({
        row,
        text: `${body.rows[0].textContent} ${row.textContent}`.toLowerCase(),
        states: row.dataset.states.split(","),
      })),
    }));
    const apply = () => {
      const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
      let count = 0;
      for (const { body, rows } of bodies) {
        let any = false;
        for (const { row, text, states } of rows) {
          const fits = wanted.every((word) => text.includes(word)) && (!state.value || states.includes(state.value));
          row.hidden = !fits;
          any = any || fits;
          count += fits ? 1 : 0;
        }
        body.hidden = !any;
      }
      shown.textContent = count === 1 ? "1 claim shown" : `${count} claims shown`;
    };
    form.addEventListener("input", apply);
    form.addEventListener("change", apply);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.hidden = false;
    apply();
  }
  const open = () => {
    let name = location.hash.slice(1);
    try {
      name = decodeURIComponent(name);
    } catch {
      // Not percent-encoded: the name stands as it is.
    }
    const target = document.getElementById(name);
    if (!target) return;
    if (target.hidden || target.closest("[hidden]")) {
      form.reset();
      form.dispatchEvent(new Event("input"));
    }
    for (let node = target; node; node = node.parentElement) {
      if (node.tagName === "DETAILS") node.open = true;
    }
    target.scrollIntoView();
  };
  addEventListener("hashchange", open);
  open();
})();
