import type { ChangeReport, Meaning } from '../change-report.js';
import { type Html, html } from './escape.js';
import { causeText } from './words.js';

/** What the changes mean for the system, by topic. */
export function meaningSection({ meaning }: ChangeReport): Html {
  if (meaning.length === 0) return html`<p class="calm">No users, units, privileges or the like change.</p>`;
  const topics = [...new Set(meaning.map((one) => one.topic))];
  return html`<div class="topics">${topics.map((topic) => topicPart(topic, meaning))}</div>`;
}

function topicPart(topic: string, meaning: readonly Meaning[]): Html {
  return html`<section class="topic"><h3>${topic.charAt(0).toUpperCase()}${topic.slice(1)}</h3>
<ul>${meaning.filter((one) => one.topic === topic).map(item)}</ul></section>`;
}

function item({ action, what, path, causes }: Meaning): Html {
  return html`<li><span class="badge ${action}">${action}</span> <div><b>${what}</b>
${path !== null && path !== what && html`<code class="dim">${path}</code>`}
${causes.length > 0 && html`<span class="by">by ${causes.map(causeText).join(', ')}</span>`}</div></li>`;
}
