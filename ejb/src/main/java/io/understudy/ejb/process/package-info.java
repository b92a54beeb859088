/**
 * Processes of this host: started in the foreground without a shell, known by number and start
 * time, ended by number. Nothing here knows about instances, leases or databases.
 */
package io.understudy.ejb.process;
