import Testing

@Suite("The names of a piece of Lua")
struct LuaNamesTests {
    @Test("Top-level locals and functions are declared")
    func declared() {
        let text = """
            local a, b = 1, { c = 2 }
            local function f(x) local y = x end
            if a then local z = b end
            """
        let names = LuaNames(text)
        #expect(names.declared == ["a", "b", "f"])
        #expect(names.free.isEmpty && names.shadowing.isEmpty)
    }

    @Test("What is declared nowhere is free, but fields, strings and comments are not names")
    func free() {
        let names = LuaNames(
            "-- no\nlocal a = now() + t.field .. 'text' .. \"x\\\"y\"\nfor i = 1, n do call(i, a) end\nreturn i"
        )
        #expect(names.free == ["now", "t", "n", "call", "i"])
    }

    @Test("A block hides its names from what follows")
    func blocks() {
        let text = """
            while a do local b = a end
            repeat local c = a until d
            if a then local e elseif b then local f else local g end
            local h = function(i, ...) return i end
            return e, f, g, i
            """
        #expect(LuaNames(text).free == ["a", "b", "d", "e", "f", "g", "i"])
    }

    @Test("A name in sight must not be declared again")
    func shadowing() {
        #expect(LuaNames("local a\nif a then local a end").shadowing == ["a"])
        #expect(LuaNames("local a\nlocal a").shadowing == ["a"])
        #expect(LuaNames("if x then local a else local a end\nfor _ = 1, 2 do local _ end").shadowing.isEmpty)
        #expect(LuaNames("local function f(b) end", outer: ["b"]).shadowing == ["b"])
    }
}
