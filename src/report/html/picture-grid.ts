import { formatNumber } from '../../number-text';
import { html, type Markup } from './markup';
import type { Picture, PictureGroup, SuitePictures } from './page-data';

/** The images of a suite, worst first, each with what is said of it. */
export function pictureSection({ groups, omitted }: SuitePictures): Markup {
  const shown = groups.filter(({ pictures }) => pictures.length > 0);
  return html`<section>
<h3>Images</h3>
${shown.map(groupSection)}${
  omitted > 0
    ? html`<p class="note">${omitted} of these are listed without a picture: they would make the page too large, or cannot be read.</p>`
    : null
}
</section>
`;
}

function groupSection({ title, note, pairs, pictures }: PictureGroup): Markup {
  return html`<h4>${title}</h4>
<p class="note">${note}</p>
<ul class="samples${pairs ? ' pairs' : ''}">
${pictures.map((picture) => html`<li>${pairs ? pair(picture) : single(picture)}</li>\n`)}</ul>
`;
}

function single({ file, thumbnail, realism }: Picture): Markup {
  return html`<figure>${image(thumbnail, `Generated image ${file}`)}<figcaption><bdi>${file}</bdi><br>${realismOf(realism)}</figcaption></figure>`;
}

function pair({ file, thumbnail, realism, nearestReal, nearestThumbnail, distance }: Picture): Markup {
  const apart = distance === 0 ? 'a copy of' : `distance ${threeDigits(distance)} from`;
  return html`<figure><div class="pair">${image(thumbnail, `Generated image ${file}`)}${image(
    nearestThumbnail,
    `Real image ${nearestReal}`,
  )}</div><figcaption><bdi>${file}</bdi>, ${realismOf(realism)}; ${apart} real <bdi>${nearestReal}</bdi></figcaption></figure>`;
}

function image(thumbnail: string | null, alt: string): Markup {
  return thumbnail === null
    ? html`<span class="blank">no picture</span>`
    : html`<img src="${thumbnail}" alt="${alt}">`;
}

function realismOf(realism: number | null): string {
  return realism === null ? 'realism infinite' : `realism ${threeDigits(realism)}`;
}

function threeDigits(value: number): string {
  return formatNumber(Number(value.toPrecision(3)));
}
