package org.centerloss.cuda.driver;

import jcuda.driver.CUdeviceptr;

/** A device pointer whose number can be read, to be put among a kernel's parameters. */
public final class DeviceAddress extends CUdeviceptr {
    DeviceAddress() {}

    private DeviceAddress(DeviceAddress start, long bytes) {
        super(start, bytes);
    }

    public long value() {
        return getNativePointer() + getByteOffset();
    }

    public DeviceAddress plus(long bytes) {
        return new DeviceAddress(this, bytes);
    }
}
