/** Small icons, drawn for this panel: 16 × 16, in the colour of the text around them. */

const SVG = 'http://www.w3.org/2000/svg';

const PATHS = {
  cell: 'M2.5 3.5h11v9h-11zM5 6.5l1.8 1.5L5 9.5M8.5 10h2.5',
  check: 'M3 8.5l3.2 3.2L13 4.8',
  close: 'M4 4l8 8M12 4l-8 8',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  delete: 'M2.5 4.5h11M6 4.5v-2h4v2M4 4.5l.7 9h6.6l.7-9M6.8 7v4M9.2 7v4',
  down: 'M8 2.5v10.5M3.5 8.5L8 13l4.5-4.5',
  edit: 'M3 13l.7-3L10.8 2.9l2.3 2.3L6 12.3zM9.2 4.5l2.3 2.3',
  export: 'M8 9.5v-7M5 5l3-3 3 3M2.5 9.5v4h11v-4',
  eye:
    'M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8zM8 6a2 2 0 1 1 0 4 2 2 0 0 1 0-4z',
  insert: 'M2.5 2.5h11v4h-11zM8 9v5M5.5 11.5h5',
  keep: 'M4 2.5h8v11l-4-3-4 3z',
  key: 'M10.5 2.5a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM8.3 7.7L3 13M5 11l1.8 1.8',
  new: 'M8 3v10M3 8h10',
  next: 'M6 3.5L10.5 8 6 12.5',
  previous: 'M10 3.5L5.5 8l4.5 4.5',
  replace: 'M3 5.5h8.5M9 3l2.5 2.5L9 8M13 10.5H4.5M7 8l-2.5 2.5L7 13',
  retry: 'M13 8a5 5 0 1 1-1.5-3.6M13 2v3h-3',
  run: 'M4.5 3l8 5-8 5z',
  send: 'M8 13.5V3M3.5 7.5L8 3l4.5 4.5',
  settings:
    'M8 6a2 2 0 1 1 0 4 2 2 0 0 1 0-4zM8 3.4a4.6 4.6 0 1 1 0 9.2 4.6 4.6 0 0 1 0-9.2zM8 1.5v1.9M8 12.6v1.9M1.5 8h1.9M12.6 8h1.9M3.4 3.4l1.3 1.3M11.3 11.3l1.3 1.3M3.4 12.6l1.3-1.3M11.3 4.7l1.3-1.3',
  stop: 'M4 4h8v8H4z',
  switches: 'M2 4.5h6M11.5 4.5H14M9.8 2.8v3.4M2 11.5h2.5M8 11.5h6M6.2 9.8v3.4',
  why:
    'M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8zM6.2 6.4a1.8 1.8 0 1 1 2.6 1.6c-.6.3-.8.6-.8 1.2M8 11.2v.2'
} as const;

const FILLED: ReadonlySet<string> = new Set(['run', 'stop']);

export type IconName = keyof typeof PATHS;

/** A new icon; hidden from screen readers, since the control beside it has a name. */
export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', `mibyan-icon mibyan-icon-${name}`);
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', PATHS[name]);
  path.setAttribute('fill', FILLED.has(name) ? 'currentColor' : 'none');
  svg.append(path);
  return svg;
}
