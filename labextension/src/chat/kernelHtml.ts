/**
 * The one place where text becomes HTML.
 *
 * It is safe because it comes from the kernel's gate (`mibyan_jupyter/rendering/safe_html.py`),
 * which lets through a short list of tags and attributes: no script, style sheet, form, frame,
 * image or handler, and links to the web or mail only. Text from anywhere else (questions, faults,
 * notices, names) is set as text.
 */
export function setKernelHtml(element: HTMLElement, html: string): void {
  element.innerHTML = html;
}
