import { expect, test } from 'vitest';
import { html, scriptJson, visible } from '../../../src/report/html/escape.js';

test('values in a template are escaped, in text and in attributes', () => {
  expect(html`<p title="${'"><b>'}">${"<script>&'"}</p>`.text).toBe(
    '<p title="&#34;&#62;&#60;b&#62;">&#60;script&#62;&#38;&#39;</p>',
  );
});

test('markup made by the template is not escaped again, and lists are joined', () => {
  const items = ['<', 'b'].map((text) => html`<li>${text}</li>`);
  expect(html`<ul>${items}</ul>`.text).toBe('<ul><li>&#60;</li><li>b</li></ul>');
});

test('nothing stands for false, null and undefined, but zero is a number', () => {
  expect(html`${false}${null}${undefined}${0}`.text).toBe('0');
});

test('an object that only looks like markup is no markup', () => {
  const forged = JSON.parse('{"text":"<b>"}') as string;
  expect(() => html`${forged}`.text).toThrow(TypeError);
});

test('control characters and those that turn the direction of writing are seen', () => {
  expect(visible('a\x1b[31m\u202egpj\r\n\tb\ud800')).toBe('a\\x1b[31m\\u202egpj\\r\n\tb\\ud800');
});

test('JSON for a script element holds nothing that could end it, and reads back as it was', () => {
  const hostile = { '</script><!--': '<script>\u2028&' };
  const { text } = scriptJson(hostile);
  expect(text).not.toMatch(/[<>&\u2028]/);
  expect(JSON.parse(text)).toEqual(hostile);
});
