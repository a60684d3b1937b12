/** What went wrong, in two lines: what happened, and what to do next. */

import type { IWords } from './host';
import type { IFault } from './protocol';
import { englishWords } from './words';

/** The kernel did not answer within the time limit. */
export const NO_ANSWER = 'NoAnswer';

/** A request that was not done. */
export class RequestFault extends Error implements IFault {
  readonly code: string;
  readonly what: string;
  readonly hint: string;

  constructor(fault: IFault) {
    super(fault.what || fault.code);
    this.code = fault.code;
    this.what = fault.what;
    this.hint = fault.hint;
  }
}

/** The two lines, and the kernel's own words where the two lines say less. */
export interface IFaultLines {
  what: string;
  hint: string;
  detail: string;
}

/** Anything thrown, as a fault. */
export function faultOf(error: unknown): IFault {
  if (error instanceof RequestFault) {
    return error;
  }
  const what = error instanceof Error ? error.message : String(error);
  return { code: '', what, hint: '' };
}

/** A fault in the user's language; in English the kernel's own lines, which say more. */
export function faultLines(fault: IFault, words: IWords): IFaultLines {
  const ours = worded(fault.code, words);
  const translated = ours && ours[0] !== worded(fault.code, englishWords)?.[0];
  if (!ours || (fault.what && !translated)) {
    return { what: fault.what, hint: fault.hint, detail: '' };
  }
  return { what: ours[0], hint: ours[1], detail: fault.what };
}

/** Whether only a key is missing, or another key is needed. */
export function isAboutKey(fault: IFault): boolean {
  return fault.code === 'MissingKeyError' || fault.code === 'AuthenticationError';
}

function worded(code: string, words: IWords): [string, string] | null {
  switch (code) {
    case NO_ANSWER:
      return [
        words.__('The kernel has not answered.'),
        words.__('It may be busy, or gone. Wait a little, then try again.')
      ];
    case 'MissingKeyError':
      return [
        words.__('No key is set.'),
        words.__('Set one with %mibyan login in a cell, or try the offline demo.')
      ];
    case 'AuthenticationError':
      return [
        words.__('The server does not accept the key.'),
        words.__('Set another one with %mibyan login in a cell.')
      ];
    case 'PaymentError':
      return [
        words.__('The account has no credit.'),
        words.__('Top it up, then ask again.')
      ];
    case 'NotFoundError':
      return [
        words.__('The server does not know this address or model.'),
        words.__('Check the base URL and the model with /status.')
      ];
    case 'RateLimitError':
      return [
        words.__('Too many requests.'),
        words.__('Wait a little, then ask again.')
      ];
    case 'InternalServerError':
      return [
        words.__('The server failed.'),
        words.__('Wait a little, then ask again.')
      ];
    case 'APITimeoutError':
      return [
        words.__('The server has not answered in time.'),
        words.__('Ask again, or wait longer by setting a longer time limit.')
      ];
    case 'APIConnectionError':
      return [
        words.__('There is no connection to the server.'),
        words.__('Check the network and the base URL, then ask again.')
      ];
    case 'BadRequestError':
      return [
        words.__('The server refuses this request.'),
        words.__('Change or shorten the question, then ask again.')
      ];
    case 'APIResponseError':
      return [
        words.__('The server did not answer with a chat completion.'),
        words.__('Check the base URL with /status.')
      ];
    case 'IncompleteAnswerError':
      return [
        words.__('The connection broke before the answer was complete.'),
        words.__('The text that came is kept. Ask again for a whole one.')
      ];
    default:
      return null;
  }
}
