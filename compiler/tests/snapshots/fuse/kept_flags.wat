(module (func (param i32) (local i32)
  (loop $l
    (local.set 1 (i32.lt_u (local.get 0) (i32.const 5536)))
    (local.set 0 (i32.add (local.get 0) (i32.const 16)))
    (br_if $l (local.get 1)))))
;; becomes
;; func 0 @0x17
;;   locals 1 i32
;;   def .L0 keep=2 params=[] callers=many
;;   def .L1 keep=2 params=[] callers=many backward
;;   br .L1
;;   .L1:
;;   pick 0
;;   i32.const 5536
;;   u32.lt
;;   put 1
;;        0  cmp edi, 15A0h
;;        6  setb sil
;;        a  movzx esi, sil
;;   pick 0
;;   i32.const 16
;;   i32.add
;;   put 0
;;        e  lea edi, [rdi+10h]
;;   pick 1
;;   def .L2 keep=2 params=[] callers=1
;;   br_if .L1, .L2
;;   .L2:
;;       11  jb short 0
;;   br .L0
;;   .L0:
;;   br .return
;;       13  ret
