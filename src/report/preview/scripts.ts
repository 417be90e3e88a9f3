import type { ChangeReport, ReportedScriptlet } from '../change-report.js';
import type { View } from '../style.js';
import { count, humanBytes, humanDuration, printable, scriptletEnd } from '../text.js';
import { columnsOf, fitted, quoted, shortened, title, wrappedWords } from './layout.js';

const OUTPUT_MARK = '      | ';
const BODY_MARK = '      > ';
/** As many of the last lines that a scriptlet wrote are in the summary: more where it failed. */
const LAST_LINES = { ok: 3, failed: 10 };

/** Each scriptlet in order with interpreter, end, time and output; with `whole`, bodies and those that rpm skips too. */
export function scriptSection({ scriptlets, subject }: ChangeReport, view: View, whole: boolean): string[] {
  const ran = scriptlets.filter((scriptlet) => scriptlet.ran);
  const skipped = scriptlets.filter((scriptlet) => !scriptlet.ran);
  if (scriptlets.length === 0) return subject.kind === 'difference' ? [] : [title('SCRIPTS', 'none', view)];
  const shown = whole ? scriptlets : ran;
  const widths = {
    name: Math.min(longest(shown.map(({ name }) => printable(name))), Math.floor(view.width * 0.4)),
    interpreter: Math.min(longest(shown.map(({ interpreter }) => printable(interpreter))), 16),
  };
  const failed = ran.filter((scriptlet) => scriptlet.failed).length;
  const summary = `${ran.length} run, in this order${failed === 0 ? '' : `, ${failed} failed`}`;
  return [
    title('SCRIPTS', ran.length === 0 ? 'none run' : summary, view),
    ...shown.flatMap((scriptlet) => [
      headOf(scriptlet, widths, view),
      ...(whole ? details(scriptlet, view) : outputLines(scriptlet, view, false)),
    ]),
    ...(whole ? [] : skippedLine(skipped, view)),
  ];
}

function headOf(
  scriptlet: ReportedScriptlet,
  widths: { name: number; interpreter: number },
  view: View,
): string {
  const { name, interpreter, ran, skipped, durationMs, changedPaths, failed } = scriptlet;
  const head = `  ${fitted(printable(name), widths.name)}  ${fitted(printable(interpreter), widths.interpreter)}  `;
  const room = view.width - columnsOf(head);
  if (!ran) return view.style.dim(head + shortened(`not run: ${printable(skipped)}`, room));
  const paths = changedPaths === 0 ? '' : `  ${count(changedPaths, 'path')}`;
  const end = `${scriptletEnd({ ...scriptlet, lua: false })}  ${humanDuration(durationMs)}${paths}`;
  return head + (failed ? view.style.red : (text: string) => text)(shortened(end, room));
}

function details(scriptlet: ReportedScriptlet, view: View): string[] {
  const { firesFor, body } = scriptlet;
  const trigger =
    firesFor.length === 0 ? [] : wrappedWords(`    fires for ${firesFor.map(printable).join(', ')}`, view, 6);
  const script = body === '' ? [] : quoted(body, view, BODY_MARK).map(view.style.dim);
  return [...trigger, ...script, ...outputLines(scriptlet, view, true)];
}

function outputLines({ output, failed }: ReportedScriptlet, view: View, whole: boolean): string[] {
  if (output.text.trim() === '') return [];
  const lines = output.text.replace(/\n$/, '').split('\n');
  const limit = whole ? lines.length : LAST_LINES[failed ? 'failed' : 'ok'];
  const last = lines.slice(-limit);
  const isCut = last.length < lines.length || output.truncated;
  const note = isCut ? [`${OUTPUT_MARK}… the end of ${humanBytes(output.bytes)}`] : [];
  return [...note, ...quoted(last.join('\n'), view, OUTPUT_MARK)].map(
    failed ? view.style.red : view.style.dim,
  );
}

function skippedLine(skipped: readonly ReportedScriptlet[], view: View): string[] {
  if (skipped.length === 0) return [];
  const verb = skipped.length === 1 ? 'does' : 'do';
  return [view.style.dim(`  ${skipped.length} more ${verb} not run now; --scripts says which and why`)];
}

function longest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(columnsOf));
}
