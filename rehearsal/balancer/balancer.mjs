import { EventEmitter, once } from 'node:events';
import { Agent, createServer, get, request as send } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * How a target is: `initial` until its health is known, then `healthy` or `unhealthy`; `draining` once it is
 * deregistered, when it gets no new request.
 *
 * @typedef {'initial' | 'healthy' | 'unhealthy' | 'draining'} TargetState
 */

/**
 * @typedef {object} HealthCheck
 * @property {string} path what is asked; 200 is healthy
 * @property {number} intervalMs milliseconds from one check to the next
 * @property {number} timeoutMs milliseconds after which a check has failed
 * @property {number} healthyThreshold how many good checks in a row make a target healthy
 * @property {number} unhealthyThreshold how many bad ones make it unhealthy
 */

/**
 * @typedef {object} BalancerOptions
 * @property {HealthCheck} healthCheck
 * @property {number} [idleTimeoutMs] milliseconds without a byte after which a connection is closed: 60,000 by default
 * @property {number} deregistrationDelayMs milliseconds that a draining target's requests have to finish
 */

/**
 * @typedef {object} Target
 * @property {string} id
 * @property {number} port on loopback
 * @property {TargetState} state
 * @property {number} streak health checks in a row that speak against its state
 * @property {number} inFlight
 * @property {Agent} agent its kept connections
 * @property {AbortController} checks ends its health checks
 */

/** Headers that are meant for one connection and not for what lies behind it (RFC 9110, section 7.6.1). */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/**
 * An HTTP load balancer on loopback that behaves as an Application Load Balancer does, as far as a service can tell: it
 * checks health, keeps connections to its targets, never tries a request twice, and drains what is deregistered. It
 * answers 502 when a target fails, 503 when there is none, 504 when a target is silent. Emits `state` with the id of a
 * target, and its state, whenever that changes.
 *
 * @extends {EventEmitter<{ state: [id: string, state: TargetState] }>}
 */
export class Balancer extends EventEmitter {
  /** @type {Map<string, Target>} */
  #targets = new Map();
  #next = 0;
  #options;
  #server = createServer((request, response) => this.#forward(request, response));

  /** @param {BalancerOptions} options */
  constructor(options) {
    super();
    this.#options = { idleTimeoutMs: 60_000, ...options };
    this.#server.keepAliveTimeout = this.#options.idleTimeoutMs;
  }

  /** Starts to listen. */
  async listen() {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  /** @returns {string} where clients send their requests */
  get url() {
    const { port } = /** @type {import('node:net').AddressInfo} */ (this.#server.address());
    return `http://127.0.0.1:${port}`;
  }

  /** @returns {{ id: string, state: TargetState, inFlight: number }[]} */
  get targets() {
    return [...this.#targets.values()].map(({ id, state, inFlight }) => ({ id, state, inFlight }));
  }

  /**
   * Takes a target in; it gets requests as soon as it is healthy.
   *
   * @param {string} id
   * @param {number} port
   */
  register(id, port) {
    const agent = new Agent({ keepAlive: true, timeout: this.#options.idleTimeoutMs });
    /** @type {Target} */
    const target = {
      id,
      port,
      state: 'initial',
      streak: 0,
      inFlight: 0,
      agent,
      checks: new AbortController(),
    };
    this.#targets.set(id, target);
    this.emit('state', id, target.state);
    void this.#keepChecking(target);
  }

  /**
   * Sends a target no new request, waits until it has answered those it has, for the deregistration delay at most,
   * and forgets it.
   *
   * @param {string} id
   */
  async deregister(id) {
    const target = this.#targets.get(id);
    if (target === undefined) {
      throw new Error(`${id} is not registered`);
    }
    target.checks.abort();
    this.#become(target, 'draining');
    const bound = performance.now() + this.#options.deregistrationDelayMs;
    while (target.inFlight > 0 && performance.now() < bound) {
      await delay(10);
    }
    this.#forget(target);
  }

  /** Waits until this target is in this state. */
  async reached(/** @type {string} */ id, /** @type {TargetState} */ state) {
    while (this.#targets.get(id)?.state !== state) {
      await once(this, 'state');
    }
  }

  /** Stops, whatever is in flight. */
  async close() {
    for (const target of this.#targets.values()) {
      target.checks.abort();
      this.#forget(target);
    }
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  /** @param {Target} target */
  #forget(target) {
    target.agent.destroy();
    this.#targets.delete(target.id);
  }

  /**
   * @param {Target} target
   * @param {TargetState} state
   */
  #become(target, state) {
    target.state = state;
    target.streak = 0;
    this.emit('state', target.id, state);
  }

  /** @param {Target} target */
  async #keepChecking(target) {
    const { signal } = target.checks;
    const { intervalMs, healthyThreshold, unhealthyThreshold } = this.#options.healthCheck;
    while (!signal.aborted) {
      const isHealthy = await this.#check(target);
      if (signal.aborted) {
        return;
      }
      if (isHealthy === (target.state === 'healthy')) {
        target.streak = 0;
      } else {
        target.streak += 1;
      }
      // As for a load balancer on AWS, a new target needs a single good check.
      const threshold = target.state === 'initial' ? 1 : isHealthy ? healthyThreshold : unhealthyThreshold;
      if (isHealthy && target.state !== 'healthy' && target.streak >= threshold) {
        this.#become(target, 'healthy');
      } else if (!isHealthy && target.state === 'healthy' && target.streak >= threshold) {
        this.#become(target, 'unhealthy');
      }
      await delay(intervalMs, undefined, { signal }).catch(() => {});
    }
  }

  /**
   * @param {Target} target
   * @returns {Promise<boolean>}
   */
  #check({ port }) {
    const { path, timeoutMs } = this.#options.healthCheck;
    return new Promise((resolve) => {
      const check = get(
        { host: '127.0.0.1', port, path, agent: false, signal: AbortSignal.timeout(timeoutMs) },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode === 200);
        },
      );
      check.on('error', () => resolve(false));
    });
  }

  /** The next target in turn; when none is healthy, any that is not draining, as an ALB does. */
  #choose() {
    const all = [...this.#targets.values()];
    const healthy = all.filter(({ state }) => state === 'healthy');
    const eligible = healthy.length > 0 ? healthy : all.filter(({ state }) => state !== 'draining');
    this.#next += 1;
    return eligible[this.#next % eligible.length];
  }

  /**
   * @param {import('node:http').IncomingMessage} request
   * @param {import('node:http').ServerResponse} response
   */
  #forward(request, response) {
    const target = this.#choose();
    if (target === undefined) {
      refuse(response, 503);
      return;
    }
    target.inFlight += 1;
    response.once('close', () => (target.inFlight -= 1));
    const { method, url } = request;
    const forwarded = send(
      {
        host: '127.0.0.1',
        port: target.port,
        method,
        path: url,
        agent: target.agent,
        headers: forwardedHeaders(request),
        timeout: this.#options.idleTimeoutMs,
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, withoutHopByHop(answer.headers));
        answer.pipe(response);
        answer.on('error', () => response.destroy());
      },
    );
    forwarded.on('timeout', () => {
      refuse(response, 504);
      forwarded.destroy();
    });
    forwarded.on('error', () => refuse(response, 502));
    response.once('close', () => forwarded.destroy());
    request.pipe(forwarded);
  }
}

/**
 * The balancer's own answer: it has no problem details, so that nobody takes it for one of the service's.
 *
 * @param {import('node:http').ServerResponse} response
 * @param {number} status
 */
function refuse(response, status) {
  if (response.headersSent) {
    response.destroy();
  } else {
    response.writeHead(status, { 'Content-Type': 'text/html' }).end(`<h1>${status}</h1>`);
  }
}

/** @param {import('node:http').IncomingMessage} request */
function forwardedHeaders({ headers, socket }) {
  const chain = [headers['x-forwarded-for'], socket.remoteAddress].filter(Boolean).join(', ');
  return { ...withoutHopByHop(headers), 'x-forwarded-for': chain, 'x-forwarded-proto': 'http' };
}

/** @param {import('node:http').IncomingHttpHeaders} headers */
function withoutHopByHop(headers) {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name)));
}
