/** Text of the answers; accents and symbols of two to four bytes are part of it. */
const TEXT = `Voici ce que je sais : le café ouvre à sept heures, et le marché est déjà animé. Il fera doux demain,
 près de dix-huit degrés ☀️, avec un peu de vent l’après-midi. J’ai noté votre rendez-vous chez le médecin, jeudi à
 neuf heures. N’oubliez pas d’acheter du pain, des œufs et une bouteille d’eau. Le train de Genève part de la voie
 trois ; prévoyez un quart d’heure pour y aller. Souhaitez-vous que je répète, ou que j’envoie un résumé ? Très bien,
 c’est fait ✅. Votre musique préférée commence tout de suite 🎵. Bonne journée, et à bientôt ! `;

/** The text in tokens: words with the space before them, those of more than six characters in pieces of six. */
const TOKENS: readonly string[] = TEXT.replaceAll(/\s+/g, ' ')
  .match(/ ?[^ ]{1,6}/gu)!
  .map((token, index) => (index === 0 ? ` ${token}` : token));

/** Token `index` of the answer that begins at `start` of the text. */
export const tokenAt = (start: number, index: number): string => TOKENS[(start + index) % TOKENS.length]!;

/** Tokens of a prompt: four bytes of UTF-8 count as one. */
export const countTokens = (text: string): number => Math.ceil(Buffer.byteLength(text) / 4);
