// @ts-check
/**
 * The sentences of the recordings. Numbers are words, because a recogniser and a transcript may write digits
 * differently.
 *
 * @type {Readonly<Record<'en' | 'fr', readonly string[]>>}
 */
export const sentences = {
  en: [
    'Hello, how are you today?',
    'What time is it now?',
    'Play some quiet music.',
    'Turn off the light in the kitchen.',
    'Please remember to call the doctor tomorrow.',
    'Open the window, please.',
    'Read me the news of this morning.',
    'How long does it take to drive to the station?',
    'Add bread and butter to the shopping list.',
    "Wake me up at seven o'clock.",
    'The weather is fine today.',
    'Close the garden door.',
    'Send a message to my brother.',
    'Where did I leave my keys?',
    'Thank you, and good night.',
  ],
  fr: [
    'Bonjour, comment ça va ?',
    'Quelle heure est-il ?',
    'Merci, à bientôt !',
    'Allume la lumière du salon.',
    'Il fait beau à Marseille.',
    'Quel temps fera-t-il demain ?',
    'Rappelle-moi de téléphoner à midi.',
    'Lis-moi les nouvelles du matin.',
    'Ajoute du pain à la liste de courses.',
    'Combien de temps pour aller à la gare ?',
    'Mets un peu de musique, s’il te plaît.',
    'Éteins la télévision.',
    'Réveille-moi à sept heures.',
    'Ferme la porte du jardin.',
    'Où ai-je laissé mes clés ?',
  ],
};
