import type uPlot from 'uplot';
import type { ChartData } from '../chart-data.ts';
import { colorOf } from './palette.ts';

/** Draws limits as thin dashed lines with labels; the legend names them too. */
export function drawLimits(plot: uPlot, limits: ChartData['limits']): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = colorOf('chart-limit');
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
  ctx.font = `${11 * devicePixelRatio}px ${getComputedStyle(document.body).fontFamily}`;
  ctx.textAlign = 'right';
  ctx.textBaseline = 'bottom';
  for (const { value, label } of limits) {
    const y = Math.round(plot.valToPos(value, 'y', true)) + 0.5;
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    // Background behind the label, which would otherwise be crossed by chart lines.
    const width = ctx.measureText(label).width;
    if (width > bbox.width / 2) continue;
    const height = 14 * devicePixelRatio;
    ctx.fillStyle = colorOf('surface', 0.85);
    ctx.fillRect(bbox.left + bbox.width - width, y - height - devicePixelRatio, width, height);
    ctx.fillStyle = colorOf('chart-limit');
    ctx.fillText(label, bbox.left + bbox.width, y - 2 * devicePixelRatio);
  }
  ctx.restore();
}
