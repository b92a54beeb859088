/**
 * Whole clusters of real processes, and what is done to them: started, struck, watched, ended. They
 * are spoken to as users do: by REST, ports, files and signals.
 */
package io.understudy.systemtests;
