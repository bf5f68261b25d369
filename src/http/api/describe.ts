/** The head of the API's description. */
export const describe = () => ({
  openapi: '3.1.0',
  info: {
    title: 'BreakerBot',
    version: '1',
    description:
      'What breakers report and what people may ask of them. Whatever is asked for passes the same gate as a line typed in a chat. See docs/api.md.',
  },
  tags: [
    { name: 'reading', description: 'what can be looked at' },
    { name: 'acting', description: 'what can be asked for' },
    { name: 'session', description: 'sign-ins to the console' },
  ],
  components: {
    securitySchemes: {
      token: { type: 'http' as const, scheme: 'bearer', description: 'a program’s own: api.tokens' },
      session: {
        type: 'apiKey' as const,
        in: 'cookie' as const,
        name: 'breakerbot',
        description: 'a sign-in to the console',
      },
    },
  },
  security: [{ token: [] }, { session: [] }],
})
