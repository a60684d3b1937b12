/** The conversation as an output of a notebook's cell, which is saved with it. */

import { CodeCell } from '@jupyterlab/cells';
import type { IOutput } from '@jupyterlab/nbformat';
import type { NotebookPanel } from '@jupyterlab/notebook';

import type { ITranscript } from './chat/protocol';

const MARK = 'mibyan_jupyter';

/** Write it below what the cell around `node` shows; an earlier one is replaced. */
export function keepBelow(notebook: NotebookPanel, node: Node, transcript: ITranscript): void {
  const cell = notebook.content.widgets.find(each => each.node.contains(node));
  if (!(cell instanceof CodeCell)) {
    return;
  }
  const { outputs } = cell.model;
  const output: IOutput = {
    output_type: 'display_data',
    data: { 'text/html': transcript.html, 'text/plain': transcript.text },
    metadata: { [MARK]: { kept: true } }
  };
  for (let n = 0; n < outputs.length; n++) {
    if (MARK in outputs.get(n).metadata) {
      outputs.set(n, output);
      return;
    }
  }
  outputs.add(output);
}
