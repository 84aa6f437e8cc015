(() => {
  const reveal = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    for (let node = target; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
    if (target) target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  reveal();
  const stored = document.getElementById("ratio-data");
  if (!stored) return;
  const data = JSON.parse(stored.textContent);
  const range = document.getElementById("ratio-range");
  const said = document.getElementById("ratio-said");
  const cells = document.querySelectorAll("#table-ratio td");
  const show = () => {
    const at = Number(range.value);
    range.setAttribute("aria-valuetext", data.ratios[at]);
    said.textContent = data.said[at];
    data.cells[at].forEach((text, place) => { cells[place + Math.floor(place / 2) + 1].textContent = text; });
  };
  range.addEventListener("input", show);
  document.getElementById("ratio-moved").hidden = false;
  show();
})();
