/**
 * Law 2 from outside: a process that is not the app server's kills what the app server started as
 * soon as the lease is over or the app server is gone.
 */
package io.understudy.cli.guard;
