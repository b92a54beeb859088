/** The services of an instance: started, supervised, stopped. */
package io.understudy.ejb.service;
