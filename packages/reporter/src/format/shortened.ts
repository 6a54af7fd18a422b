/** Text of at most so many characters; a cut is marked. Without it, one message of 10 MB would fill a job summary. */
export function shortened(text: string, most: number): string {
  // A character has at most two code units: what is cut off here was too long anyway.
  const characters = Array.from(text.slice(0, 2 * most + 2));
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : text;
}
