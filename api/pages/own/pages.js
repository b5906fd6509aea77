// What JavaScript adds. Every page works without it.
import { initAll } from "./govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

// A run as it goes: what comes is put into the table, and its end loads the page again.
const watched = document.querySelector("[data-watch]");
if (watched && "EventSource" in window) {
  const source = new EventSource(watched.dataset.watch);
  const aims = JSON.parse(watched.dataset.words);
  const words = (code) => {
    const [aim, band] = code.split("/");
    const told = aims[aim] || aim.replaceAll("_", " ");
    return told.charAt(0).toUpperCase() + told.slice(1) + (band ? `, band ${band}` : "");
  };
  source.addEventListener("progress", (event) => {
    const level = JSON.parse(event.data);
    // Looked for each time: that part of the page is put in anew.
    const said = document.querySelector("[data-watch-said]");
    if (said) said.textContent = level.note || words(level.level);
    if (level.value === null && level.bound === null) return;
    const rows = watched.querySelector("tbody");
    let row = [...rows.rows].find((each) => each.dataset.level === level.level);
    if (!row) {
      row = rows.insertRow();
      row.dataset.level = level.level;
      row.className = "govuk-table__row";
      for (const [n, head] of [...watched.tHead.rows[0].cells].entries()) {
        const cell = row.insertCell();
        cell.className = "govuk-table__cell" + (n ? " govuk-table__cell--numeric" : "");
        cell.dataset.label = head.textContent;
      }
    }
    const figure = (value) => (value === null ? "–" : Number(value).toLocaleString("en-GB"));
    row.cells[0].textContent = words(level.level);
    row.cells[1].textContent = figure(level.value);
    row.cells[2].textContent = figure(level.bound);
    row.cells[3].textContent = Math.round(level.elapsed_s);
  });
  source.addEventListener("status", look);
  source.addEventListener("end", () => {
    source.close();
    window.location.reload();
  });
}

// What is under way: this part of the page is asked for again, with what follows it elsewhere on
// the page, as the status beside the heading; and its end loads the page.
const again = document.querySelector("[data-again]");
function look() {
  fetch(window.location.href, { headers: { Accept: "text/html" } })
    .then((answer) => (answer.ok ? answer.text() : Promise.reject(answer.status)))
    .then((text) => {
      const now = new DOMParser().parseFromString(text, "text/html");
      const found = now.querySelector("[data-again]");
      if (!found) return window.location.reload();
      if (found.innerHTML !== again.innerHTML) again.innerHTML = found.innerHTML;
      for (const each of document.querySelectorAll("[data-follows]")) {
        const anew = now.querySelector(`[data-follows="${each.dataset.follows}"]`);
        if (anew && anew.innerHTML !== each.innerHTML) each.innerHTML = anew.innerHTML;
      }
    })
    .catch(() => {});
}
if (again) window.setInterval(look, 1000 * Number(again.dataset.again));

// The estate of a study: its premises are asked for at once, where without a script one presses
// a button.
const estate = document.querySelector("[data-refills]");
if (estate) {
  const refill = () =>
    fetch(estate.dataset.refills + encodeURIComponent(estate.value), { headers: { Accept: "text/html" } })
      .then((answer) => (answer.ok ? answer.text() : Promise.reject(answer.status)))
      .then((text) => {
        const now = new DOMParser().parseFromString(text, "text/html");
        for (const each of document.querySelectorAll("[data-refilled]"))
          each.innerHTML = now.getElementById(each.id).innerHTML;
      })
      .catch(() => {});
  estate.addEventListener("change", refill);
}
