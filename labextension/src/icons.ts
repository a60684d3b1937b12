/** Icons of our own, in the colour of JupyterLab's. */

import { LabIcon } from '@jupyterlab/ui-components';

function drawn(name: string, ...paths: string[]): LabIcon {
  const shapes = paths.map(d => `<path class="jp-icon3" fill="#616161" d="${d}"/>`).join('');
  const svgstr = `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">${shapes}</svg>`;
  return new LabIcon({ name: `mibyan:${name}`, svgstr });
}

/** A speech bubble with a spark. */
export const chatIcon = drawn(
  'chat',
  'M5 3.5h14A2.5 2.5 0 0 1 21.5 6v9a2.5 2.5 0 0 1-2.5 2.5h-7.2L7 21.5v-4H5A2.5 2.5 0 0 1 2.5 15V6A2.5 2.5 0 0 1 5 3.5zm0 1.7a.8.8 0 0 0-.8.8v9c0 .44.36.8.8.8h3.7V18l2.5-2.2H19a.8.8 0 0 0 .8-.8V6a.8.8 0 0 0-.8-.8z',
  'M12 6.4l1.1 3 3 1.1-3 1.1-1.1 3-1.1-3-3-1.1 3-1.1z'
);

/** A light bulb. */
export const explainIcon = drawn(
  'explain',
  'M12 2.5a7 7 0 0 0-3.8 12.9V18h7.6v-2.6A7 7 0 0 0 12 2.5zm2.4 11.6l-.4.2v2h-4v-2l-.4-.2a5.3 5.3 0 1 1 4.8 0z',
  'M8.8 19.5h6.4v1.8H8.8z'
);

/** A wrench. */
export const fixIcon = drawn(
  'fix',
  'M21 7.2a5.2 5.2 0 0 1-7 4.9l-6.7 6.7a1.9 1.9 0 0 1-2.7-2.7l6.7-6.7a5.2 5.2 0 0 1 5.8-6.8l-2.9 2.9.5 3.3 3.3.5 2.9-2.9q.1.4.1.8z'
);
