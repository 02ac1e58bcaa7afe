package org.centerloss.device.cuda;

import jcuda.driver.CUdeviceptr;

/** A device pointer whose number can be read, to be put among a kernel's parameters. */
final class DeviceAddress extends CUdeviceptr {
    DeviceAddress() {}

    private DeviceAddress(DeviceAddress start, long bytes) {
        super(start, bytes);
    }

    long value() {
        return getNativePointer() + getByteOffset();
    }

    DeviceAddress plus(long bytes) {
        return new DeviceAddress(this, bytes);
    }
}
