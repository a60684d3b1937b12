/** The icon of the chat panel. */

import { LabIcon } from '@jupyterlab/ui-components';

/** A speech bubble with a spark. */
export const chatIcon = new LabIcon({
  name: 'mibyan:chat',
  svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">
  <path class="jp-icon3" fill="#616161" d="M5 3.5h14A2.5 2.5 0 0 1 21.500 6v9a2.500 2.500 0 0 1-2.500 2.500h-7.200L7 21.500v-4H5A2.500 2.500 0 0 1 2.500 15V6A2.500 2.500 0 0 1 5 3.500zm0 1.700a.8.8 0 0 0-.8.8v9c0 .44.36.8.8.8h3.700v2.200l2.500-2.200H19a.8.8 0 0 0 .8-.8V6a.8.8 0 0 0-.8-.8z"/>
  <path class="jp-icon3" fill="#616161" d="M12 6.400l1.100 3 3 1.100-3 1.100-1.100 3-1.100-3-3-1.100 3-1.100z"/>
</svg>`
});
