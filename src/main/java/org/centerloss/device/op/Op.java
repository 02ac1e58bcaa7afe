package org.centerloss.device.op;

import org.centerloss.device.DeviceException;

/**
 * An operation of a device, planned for fixed shapes when it is made ("plan, then execute").
 *
 * <p>It owns what the plan needs (descriptors, algorithm choice, workspace, saved statistics), so
 * running it allocates nothing. Arguments are tensors of the device that made the operation; a
 * tensor of another shape, layout or device throws {@link DeviceException}. Not thread-safe.
 *
 * <p>What an operation computes overwrites its results, gradients of inputs and of parameters
 * included, whatever they held. There are two exceptions, and the methods tell of them: where an
 * argument {@code accumulate} is true, dx is added to what is there; and dCenters is always added
 * to, since several terms of a loss give the centers gradients, and a center loss only to the
 * classes that are present. An argument that is named as a result may be another argument only
 * where the method says so.
 */
public interface Op extends AutoCloseable {
    /** Frees what the operation owns; idempotent. Running a closed operation throws. */
    @Override
    void close();
}
