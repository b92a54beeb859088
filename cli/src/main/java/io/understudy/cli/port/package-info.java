/**
 * Ports that are open only while a lease holds: a table of ours in the kernel's nf_tables, whose
 * entries end by themselves. Linux only; needs CAP_NET_ADMIN.
 */
package io.understudy.cli.port;
