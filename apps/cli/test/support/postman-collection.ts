/** A collection as Postman exports it: variables, folders, inherited authorization, each kind of body. */
export function postmanCollection(baseUrl: string): object {
  const url = (text: string) => ({ raw: text, query: [] });
  return {
    info: { name: 'Shop', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
    variable: [{ key: 'baseUrl', value: baseUrl }],
    auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{access_token}}' }] },
    item: [
      {
        name: 'Orders */ `x`',
        item: [
          {
            name: 'One',
            request: {
              method: 'GET',
              url: {
                raw: '{{baseUrl}}/orders/:id?full=1',
                variable: [{ key: 'id', value: '7' }],
                query: [{ key: 'full', value: '1' }],
              },
            },
          },
          {
            name: 'New',
            request: {
              method: 'POST',
              url: url('{{baseUrl}}/orders'),
              header: [{ key: 'Content-Type', value: 'application/json' }],
              body: { mode: 'raw', raw: '{"customer":"{{customer}}","n":1}' },
            },
          },
        ],
      },
      {
        name: 'Photo',
        request: {
          method: 'POST',
          url: '{{baseUrl}}/photos',
          body: {
            mode: 'formdata',
            formdata: [
              { key: 'photo', type: 'file', src: 'cup.jpg' },
              { key: 'note', value: 'x' },
            ],
          },
        },
      },
      {
        name: 'Form',
        request: {
          method: 'PUT',
          url: url('{{baseUrl}}/form'),
          auth: { type: 'noauth' },
          body: {
            mode: 'urlencoded',
            urlencoded: [
              { key: 'a', value: '1' },
              { key: 'b', value: '2', disabled: true },
            ],
          },
        },
      },
    ],
  };
}
