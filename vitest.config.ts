import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: [
      { extends: true, test: { name: 'rooms', include: ['src/**/*.test.ts'] } },
      // What needs a database, a wire or a process; PostgreSQL is started once, and not for the rooms.
      {
        extends: true,
        test: { name: 'house', include: ['test/**/*.test.ts'], globalSetup: 'test/postgres.ts' },
      },
    ],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
  },
})
