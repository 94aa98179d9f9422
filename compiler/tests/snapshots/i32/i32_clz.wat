(module (func (param i32) (result i32)
  (i32.clz (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i32.clz
;;        0  lzcnt esi, edi
;;   br .return
;;        5  mov rax, rsi
;;        8  ret
