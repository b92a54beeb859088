/**
 * An instance's virtual addresses, as the app server sees them: asked of the guard, which installs
 * and renews them with the lease, and looked for on the host's interfaces.
 */
package io.understudy.ejb.address;
