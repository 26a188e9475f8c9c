// Filters of the table that follows: one choice for each key; a row is shown where its data-KEY, or one of the parts
// that | separates in it, is what was chosen.
//
// data: [{key, title, options: [{value, title}]}]
(() => {
  "use strict";

  const chosen = new WeakMap(); // what a reader has chosen stays when the figure is drawn again

  const passes = (row, choices) =>
    Object.entries(choices).every(([key, value]) => value === "" ||
      (row.dataset[key] ?? "").split("|").includes(value));

  function draw(element, data, context) {
    const { make, text, word } = context, details = context.figure.nextElementSibling;
    const rows = [...(details?.querySelectorAll("tbody tr") ?? [])];
    if (!chosen.has(context.figure)) chosen.set(context.figure, {});
    const choices = chosen.get(context.figure);
    const count = make("span", { role: "status", class: "note" });
    function apply() {
      let shown = 0;
      for (const row of rows) {
        row.hidden = !passes(row, choices);
        shown += !row.hidden;
      }
      count.textContent = word("FILTER_COUNT", context.number(shown, 0), context.number(rows.length, 0));
    }
    const selects = data.map(({ key, title, options }) => {
      const select = make("select", {}, make("option", { value: "" }, word("FILTER_ALL")),
        ...options.map((option) => make("option", { value: option.value, selected: choices[key] === option.value },
          text(option.title))));
      select.addEventListener("change", () => {
        choices[key] = select.value;
        details.open = true;
        apply();
      });
      return make("label", { class: "choose" }, `${text(title)} `, select);
    });
    apply();
    return make("div", {}, ...selects, count);
  }

  parley.figure("filter", draw);
})();
