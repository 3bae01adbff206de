// Single keys for the review desk. Everything they do, a link or a button on the page does without this script.
(function () {
  "use strict";
  var root = document.documentElement, bar = document.getElementById("keys"), toggle = document.getElementById("keys-toggle");
  var OFF = "promisecheck-keys-off", off = false;
  try { off = localStorage.getItem(OFF) === "1"; } catch (error) { off = false; }

  function show() {
    root.classList.toggle("keys", !off);
    if (!bar) return;
    bar.hidden = false;
    toggle.textContent = off ? toggle.dataset.on : toggle.dataset.off;
    toggle.setAttribute("aria-pressed", String(!off));
  }

  function isWriting(element) {
    var typed = element.tagName === "INPUT" && ["radio", "checkbox"].indexOf(element.type) < 0;
    return typed || element.tagName === "TEXTAREA" || element.tagName === "SELECT" || element.isContentEditable;
  }

  // In a list, j and k go from one line to the next.
  function move(step) {
    var lines = Array.prototype.slice.call(document.querySelectorAll("[data-line]"));
    if (!lines.length) return false;
    var at = lines.indexOf(document.activeElement);
    lines[Math.max(0, Math.min(lines.length - 1, at < 0 ? 0 : at + step))].focus();
    return true;
  }

  function press(element) {
    if (element.dataset.focus !== undefined) { element.focus(); return; }
    element.click();
    if (element.type === "radio") element.focus();
  }

  document.addEventListener("keydown", function (event) {
    if (off || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (isWriting(event.target)) { if (event.key === "Escape") event.target.blur(); return; }
    var key = event.key.toLowerCase();
    var found = document.querySelector('[data-key="' + CSS.escape(key) + '"]');
    if (found) press(found);
    else if (!((key === "j" && move(1)) || (key === "k" && move(-1)))) return;
    event.preventDefault();
  });

  if (toggle) toggle.addEventListener("click", function () {
    off = !off;
    try { localStorage.setItem(OFF, off ? "1" : "0"); } catch (error) { /* remembered for this page only */ }
    show();
  });
  show();
}());
