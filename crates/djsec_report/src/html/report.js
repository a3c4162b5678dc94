
"use strict";
const form = document.querySelector("form.filters");
if (form) {
  const articles = [...document.querySelectorAll("article")];
  const sections = [...document.querySelectorAll("section.file")];
  const texts = new Map(articles.map((article) =>
    [article, `${article.parentElement.firstElementChild.textContent} ${article.textContent}`.toLowerCase()]));
  const output = form.querySelector("output");
  const filter = () => {
    const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const boxes = [...form.querySelectorAll("[name=severity]")];
    const levels = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    let shown = 0;
    for (const article of articles) {
      const text = texts.get(article);
      const fits = levels.has(article.dataset.severity) && words.every((word) => text.includes(word));
      article.hidden = !fits;
      shown += fits;
    }
    for (const section of sections) {
      section.hidden = !section.querySelector("article:not([hidden])");
    }
    output.textContent = `${shown} of ${articles.length} shown`;
  };
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  filter();
}
// What a link names is folded away.
const open = () => {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target && target.tagName === "DETAILS") target.open = true;
};
addEventListener("hashchange", open);
open();
