/** How parameters are moved by their gradients, and at which rate: optimisers and schedules. */
package org.centerloss.optim;
