package org.centerloss.device.op;

import org.centerloss.device.DeviceException;

/**
 * An operation of a device, planned for fixed shapes when it is made ("plan, then execute").
 *
 * <p>It owns what the plan needs (descriptors, algorithm choice, workspace, saved statistics), so
 * running it allocates nothing. Arguments are tensors of the device that made the operation; a
 * tensor of another shape or device throws {@link DeviceException}. Not thread-safe.
 */
public interface Op extends AutoCloseable {
    /** Frees what the operation owns; idempotent. Running a closed operation throws. */
    @Override
    void close();
}
