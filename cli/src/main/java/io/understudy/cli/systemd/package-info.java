/**
 * What a launcher tells systemd when systemd started it: that it is ready, how it is, and several
 * times per watchdog interval that it goes on (sd_notify(3)). Without systemd nothing is said.
 */
package io.understudy.cli.systemd;
