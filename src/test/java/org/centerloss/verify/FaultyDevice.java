package org.centerloss.verify;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.centerloss.device.Device;

/** The reference device with a fault planted into one kind of operation, posing as float32. */
final class FaultyDevice {
    /**
     * Stands in for a call: {@code call} makes the real one with the arguments as they are then.
     */
    interface Fault {
        Object invoke(String method, Object[] arguments, Call call) throws Throwable;
    }

    interface Call {
        Object make() throws Throwable;
    }

    static final Fault NONE = (method, arguments, call) -> call.make();

    private FaultyDevice() {}

    /**
     * A device whose operations made by {@code factory} run through {@code fault}.
     *
     * @param doublePrecision what the device says of itself: false to be compared with the
     *     reference, true to be checked by finite differences
     */
    static Device of(Device real, String factory, boolean doublePrecision, Fault fault) {
        return proxy(
                Device.class,
                real,
                (method, arguments, call) -> {
                    if (method.equals("doublePrecision")) {
                        return doublePrecision;
                    }
                    Object made = call.make();
                    return method.equals(factory) ? faulty(made, fault) : made;
                });
    }

    /** A device some of whose own calls run through {@code fault}, compared with the reference. */
    static Device ofCalls(Device real, Fault fault) {
        return proxy(
                Device.class,
                real,
                (method, arguments, call) ->
                        method.equals("doublePrecision")
                                ? Boolean.FALSE
                                : fault.invoke(method, arguments, call));
    }

    private static Object faulty(Object operation, Fault fault) {
        return proxy(operation.getClass().getInterfaces()[0], operation, fault);
    }

    private static <T> T proxy(Class<T> type, Object target, Fault fault) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (self, method, arguments) ->
                                fault.invoke(
                                        method.getName(),
                                        arguments,
                                        () -> call(target, method, arguments))));
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            method.setAccessible(true);
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
