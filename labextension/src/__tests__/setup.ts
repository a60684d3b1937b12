/** What a browser has and jsdom lacks; nothing is laid out there, so nothing scrolls. */

if (typeof Element !== 'undefined') {
  Element.prototype.scrollIntoView ??= () => undefined;
}
globalThis.ResizeObserver ??= class {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
};
