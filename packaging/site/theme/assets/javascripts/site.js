// What the theme leaves out for those who use a keyboard or listen: what scrolls can be focused, and each landmark has a name of its own.
const scrolls = new ResizeObserver(entries => {
  for (const {target} of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute('tabindex');
  }
});
const known = new WeakSet();
let codes = 0;

function mend() {
  for (const region of document.querySelectorAll('.md-typeset pre > code, .md-typeset__scrollwrap')) {
    if (known.has(region)) continue;
    known.add(region);
    scrolls.observe(region);
  }
  for (const nav of document.querySelectorAll('.md-code__nav:not([aria-label])')) nav.setAttribute('aria-label', `Code ${++codes}`);
}

for (const nav of document.querySelectorAll('nav[data-md-level][aria-labelledby]')) {
  const title = document.getElementById(nav.getAttribute('aria-labelledby'))?.textContent.trim();
  nav.removeAttribute('aria-labelledby');
  nav.setAttribute('aria-label', `Pages of ${title}, level ${nav.dataset.mdLevel}`);
}
for (const [part, label] of [['.md-search', 'Search'], ['#__search', 'Search'], ['#__drawer', 'Menu']]) {
  document.querySelector(part)?.setAttribute('aria-label', label);
}
mend();
// The theme wraps tables and adds buttons to code when it starts.
new MutationObserver(mend).observe(document.body, {childList: true, subtree: true});
