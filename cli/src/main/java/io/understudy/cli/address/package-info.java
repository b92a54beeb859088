/**
 * Addresses that move: installed with a lifetime that the kernel itself ends, announced on the
 * wire, watched for rivals. Linux only; needs CAP_NET_ADMIN to install and CAP_NET_RAW to announce.
 */
package io.understudy.cli.address;
